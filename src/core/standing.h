#pragma once

#include "core/judgement.h"
