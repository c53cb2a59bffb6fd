/** What one figure of a report has to reach. */
export interface Target {
  /** Where the figure is in the report, such as `policy.factor`. */
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** By the report's name. Absolute times and rates that only tell something of this machine have none. */
export const targets = {
  sfu: [
    { figure: 'forwardingRatio', atLeast: 0.95 },
    { figure: 'policy.factor', atLeast: 5 },
    { figure: 'policy.growth', atMost: 1.25 },
    { figure: 'requestRatio', atLeast: 0.6 },
    { figure: 'join.dtlsP95Ms', atMost: 150 },
    { figure: 'recoveryMs.p95', atMost: 1_000 },
  ],
  join: [
    { figure: 'joinToFirstFrameMs.p50', atMost: 200 },
    { figure: 'callToIncomingMs.p50', atMost: 50 },
  ],
  network: [{ figure: 'networkChangeMs.p95', atMost: 3_000 }],
} as const satisfies Record<string, readonly Target[]>;

export type ReportWithTargets = keyof typeof targets;

export interface Verdict extends Target {
  /** NaN where the report has no such figure. */
  readonly value: number;
  readonly isReached: boolean;
}

export function judge(report: Readonly<Record<string, unknown>>, wanted: readonly Target[]): Verdict[] {
  return wanted.map((target) => {
    const { figure, atLeast = -Infinity, atMost = Infinity } = target;
    const value = figureOf(report, figure);

    return { ...target, value, isReached: value >= atLeast && value <= atMost };
  });
}

function figureOf(report: unknown, path: string): number {
  const found = path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], report);

  return typeof found === 'number' ? found : Number.NaN;
}
