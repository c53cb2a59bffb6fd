export interface ScrapedMetric {
  readonly type: string;
  /** Those that any of its series has, but for a histogram's `le`. */
  readonly labels: ReadonlySet<string>;
}

/** What a text in Prometheus' format has, by name; a histogram once and not for each of its three parts. */
export function metricsIn(text: string): ReadonlyMap<string, ScrapedMetric> {
  const metrics = new Map<string, { type: string; labels: Set<string> }>();
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    metrics.set(name, { type, labels: new Set() });
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const metric = metrics.get(name) ?? metrics.get(baseOf(name));
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) {
      if (label !== 'le') {
        metric?.labels.add(label);
      }
    }
  }

  return metrics;
}

/**
 * The metrics of this process that an expression of PromQL reads, each with the labels it is asked for by, and with
 * those that anything in the expression is grouped by.
 */
export function metricsAskedFor(expression: string): { name: string; labels: string[] }[] {
  const groupings = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').map((label) => label.trim()),
  );
  const selectors = expression.matchAll(/\b((?:parley|nodejs|process)_\w+)(?:\{([^}]*)\})?/g);

  return [...selectors].map(([, name = '', matchers = '']) => ({
    name: baseOf(name),
    labels: [...groupings, ...[...matchers.matchAll(/(\w+)\s*[=!]~?\s*"/g)].map(([, label = '']) => label)],
  }));
}

function baseOf(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}
