import { INBOUND } from './crash/scenarios.ts'
import { walkThrough } from './crash/walk.ts'

for (const scenario of INBOUND) walkThrough(scenario)
