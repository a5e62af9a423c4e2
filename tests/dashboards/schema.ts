// What a dashboard of ours must be: Grafana's published types, put together and closed. Grafana
// keeps the options of panels apart from the panel and takes any object for them; here the panel's
// type says which options it has, and a field that no type knows is wrong.
import type {
  AnnotationQuery,
  Dashboard,
  DashboardLink,
  DataSourceRef,
  FieldConfig,
  GraphFieldConfig,
  GridPos,
  HideableFieldConfig,
  MatcherConfig,
  Panel,
  RowPanel,
  TableFieldOptions,
  TableOptions,
  VariableModel,
} from "@grafana/schema";
import type {
  Dataquery,
  PromQueryFormat,
  QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import type * as bargauge from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as statetimeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as statushistory from "@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen";
import type * as timeseries from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

// A type as JSON has it: an enum is one of its values.
type Plain<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends number
      ? `${T}` extends `${infer N extends number}`
        ? N
        : never
      : T extends boolean | null | undefined
        ? T
        : T extends Array<infer E>
          ? Plain<E>[]
          : { [K in keyof T]: Plain<T[K]> };

// A data link of a field; @grafana/data has its type.
interface DataLink {
  title: string;
  url: string;
  targetBlank?: boolean;
}

// The query that Grafana's Prometheus plugin stores.
type Query = Omit<
  Dataquery,
  "_implementsDataqueryVariant" | "datasource" | "refId" | "editorMode" | "format"
> & {
  refId: string;
  datasource: DataSourceRef;
  editorMode?: QueryEditorMode;
  format?: PromQueryFormat;
};

type Defaults<Custom> = Omit<FieldConfig, "custom" | "links"> & {
  links?: DataLink[];
  custom?: Custom;
};

type Property<Fields, Prefix extends string> = {
  [K in keyof Fields & string]-?: { id: `${Prefix}${K}`; value: Plain<NonNullable<Fields[K]>> };
}[keyof Fields & string];

interface Override<Custom> {
  matcher: { id: "byName" | "byRegexp"; options: string };
  properties: (Property<Omit<Defaults<Custom>, "custom">, ""> | Property<Custom, "custom.">)[];
}

// The transformations in use; @grafana/data has their types.
type Transformation =
  | { id: "merge"; options: Record<string, never> }
  | {
      id: "organize";
      options: {
        excludeByName?: Record<string, boolean>;
        indexByName?: Record<string, number>;
        renameByName?: Record<string, string>;
      };
    };

type Of<Type extends string, Options, Custom> = Plain<
  Omit<
    Panel,
    "type" | "options" | "fieldConfig" | "targets" | "transformations" | "gridPos" | "id"
  > & { type: Type; id: number; gridPos: GridPos; options: Options; targets: Query[] }
> & {
  fieldConfig: { defaults: Plain<Defaults<Custom>>; overrides: Override<Custom>[] };
  transformations?: Transformation[];
};

type AnyPanel =
  | Of<"timeseries", timeseries.Options, GraphFieldConfig>
  | Of<"stat", stat.Options, {}>
  | Of<"bargauge", bargauge.Options, {}>
  | Of<"table", TableOptions, TableFieldOptions>
  | Of<"heatmap", heatmap.Options, heatmap.FieldConfig>
  | Of<"state-timeline", statetimeline.Options, statetimeline.FieldConfig>
  | Of<"status-history", statushistory.Options, statushistory.FieldConfig>
  | Plain<Omit<RowPanel, "panels"> & { panels: [] }>;

// What Grafana's Prometheus plugin reads of an annotation beside the published part.
type Annotation = Plain<
  Omit<AnnotationQuery, "target"> & {
    target: Query;
    titleFormat?: string;
    textFormat?: string;
    tagKeys?: string;
    useValueForTime?: boolean;
  }
>;

type Variable = Plain<
  Omit<VariableModel, "query"> & {
    query: string | { qryType: number; query: string; refId: string };
    definition?: string;
  }
>;

export type Checked = Plain<Omit<Dashboard, "panels" | "annotations" | "templating" | "links">> & {
  panels: AnyPanel[];
  annotations: { list: Annotation[] };
  templating: { list: Variable[] };
  links: Plain<DashboardLink>[];
};
