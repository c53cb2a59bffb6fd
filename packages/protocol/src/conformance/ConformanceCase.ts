/** One claim of PROTOCOL.md. `run` rejects with what was not kept of it. */
export interface ConformanceCase<Driver> {
  readonly title: string;
  run(driver: Driver): Promise<void>;
}
