export { canPin, pinProcess, pinThisProcess, startOnCore } from './cores.ts';
export { percentile, percentiles, type Percentiles } from './percentiles.ts';
export { addFigures, writeReport } from './writeReport.ts';
