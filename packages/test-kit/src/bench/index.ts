export { canPin, pinProcess, pinThisProcess, startOnCore } from './cores.ts';
export { percentile, percentiles, type Percentiles } from './percentiles.ts';
export { addFigures, judgeReport, writeReport } from './writeReport.ts';
