/** What a failed PostgreSQL program was doing. */
export interface FailureContext {
  dataDir: string;
  port?: number;
}

/** Turns the last words of a PostgreSQL program into one sentence with cause and cure. */
export function explainFailure(output: string, { dataDir, port }: FailureContext): string {
  if (/No space left on device|could not resize shared memory/i.test(output)) {
    return `The disk that holds ${dataDir} is full; free some space or choose another place with PARLEY_DATA_DIR.`;
  }
  if (isPortTaken(output)) {
    return `Port ${port} on 127.0.0.1 is taken, so PostgreSQL cannot listen there; free it or choose another.`;
  }
  if (/Permission denied/i.test(output)) {
    return `PostgreSQL may not write to ${dataDir} (${lastComplaint(output)}); give it that directory or choose another with PARLEY_DATA_DIR.`;
  }

  return `PostgreSQL did not start in ${dataDir}: ${lastComplaint(output)}.`;
}

export function isPortTaken(output: string): boolean {
  return /could not bind .*Address already in use/i.test(output);
}

/** The last line that names a failure, without its time stamp and level. */
function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1);

  return (complaint ?? 'it said nothing').replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, '').replace(/\.$/, '');
}
