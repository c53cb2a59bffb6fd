/** One class of the public surface that has events, as its declaration says. */
export interface PublicClass {
  readonly name: string;
  /** What may be read of it, inherited ones among them. */
  readonly properties: readonly string[];
  readonly events: readonly string[];
  readonly methods: readonly PublicMethod[];
}

export interface PublicMethod {
  readonly name: string;
  /** Whether it is declared to return a promise. */
  readonly isAsync: boolean;
}

const declarations = (
  import.meta as unknown as {
    glob: (pattern: string, options: object) => Record<string, string>;
  }
).glob('../**/*Types.ts', { query: '?raw', import: 'default', eager: true });

const sources = Object.values(declarations).join('\n');

const eventsByType = new Map(
  [...sources.matchAll(/^export type (\w+Events)(?:<\w+>)? = \{$(.*?)^\};$/gms)].map(
    ([, type = '', body = '']) => [
      type,
      [...body.matchAll(/^ {2}(\w+): \[/gm)].map(([, event = '']) => event),
    ],
  ),
);

/** Events of `xChanged` that are declared to carry something. */
export const carryingEvents: readonly string[] = [
  ...sources.matchAll(/^export type (\w+)Events(?:<\w+>)? = \{$(.*?)^\};$/gms),
].flatMap(([, of = '', body = '']) =>
  [...body.matchAll(/^ {2}(\w+Changed): \[(?!\])/gm)].map(([, event = '']) => `${of}.${event}`),
);

const interfaces = new Map(
  [
    ...sources.matchAll(
      /^export interface (\w+)(?:<\w+>)? extends (\w+)(?:<(\w+)(?:<\w+>)?>)?(?:, \w+)* \{$(.*?)^\}$/gms,
    ),
  ].map(([, name = '', parent = '', events = '', body = '']) => [
    name,
    {
      name,
      parent,
      events: eventsByType.get(events) ?? [],
      properties: [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = '']) => property),
      methods: methodsIn(body),
    },
  ]),
);

/** Each once, however many signatures it has. */
function methodsIn(body: string): PublicMethod[] {
  const declared = [...body.matchAll(/^ {2}(\w+)(?:<\w+>)?\([^;]*?\): (\w+)[^;]*;$/gms)].map(
    ([, method = '', type = '']) => [method, type === 'Promise'] as const,
  );

  return [...new Map(declared)].map(([method, isAsync]) => ({ name: method, isAsync }));
}

function complete(name: string): PublicClass {
  const own = interfaces.get(name);
  const parent = own !== undefined && own.parent !== 'Observable' ? complete(own.parent) : undefined;

  return {
    name,
    properties: [...(parent?.properties ?? []), ...(own?.properties ?? [])],
    events: [...(parent?.events ?? []), ...(own?.events ?? [])],
    methods: [...(parent?.methods ?? []), ...(own?.methods ?? [])],
  };
}

/** Every class with events, those of the sub-paths among them, read from the files that declare them. */
export const publicClasses: readonly PublicClass[] = [...interfaces.values()]
  .filter(({ parent }) => parent === 'Observable' || interfaces.has(parent))
  .map(({ name }) => complete(name));

/** The event by which a property tells that it has changed; undefined where there is none of its name. */
export function eventOf({ events }: PublicClass, property: string): string | undefined {
  return [`${property}Changed`, `${property}Updated`].find((event) => events.includes(event));
}
