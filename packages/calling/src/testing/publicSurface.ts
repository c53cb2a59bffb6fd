/** One class of the public surface that has events, as its declaration says. */
export interface PublicClass {
  readonly name: string;
  /** What may be read of it, inherited ones among them. */
  readonly properties: readonly string[];
  readonly events: readonly string[];
}

const declarations = (
  import.meta as unknown as {
    glob: (pattern: string, options: object) => Record<string, string>;
  }
).glob('../**/*Types.ts', { query: '?raw', import: 'default', eager: true });

const sources = Object.values(declarations).join('\n');

const eventsByType = new Map(
  [...sources.matchAll(/^export type (\w+Events) = \{$(.*?)^\};$/gms)].map(([, type = '', body = '']) => [
    type,
    [...body.matchAll(/^ {2}(\w+): \[/gm)].map(([, event = '']) => event),
  ]),
);

const interfaces = new Map(
  [...sources.matchAll(/^export interface (\w+) extends (\w+)(?:<(\w+)>)? \{$(.*?)^\}$/gms)].map(
    ([, name = '', parent = '', events = '', body = '']) => [
      name,
      {
        name,
        parent,
        events: eventsByType.get(events) ?? [],
        properties: [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = '']) => property),
      },
    ],
  ),
);

function complete(name: string): PublicClass {
  const own = interfaces.get(name);
  const parent = own !== undefined && own.parent !== 'Observable' ? complete(own.parent) : undefined;

  return {
    name,
    properties: [...(parent?.properties ?? []), ...(own?.properties ?? [])],
    events: [...(parent?.events ?? []), ...(own?.events ?? [])],
  };
}

/** Every class of the core with events, read from the files that declare them. */
export const publicClasses: readonly PublicClass[] = [...interfaces.values()]
  .filter(({ parent }) => parent === 'Observable' || interfaces.has(parent))
  .map(({ name }) => complete(name));

/** The event by which a property tells that it has changed; undefined where there is none of its name. */
export function eventOf({ events }: PublicClass, property: string): string | undefined {
  return [`${property}Changed`, `${property}Updated`].find((event) => events.includes(event));
}
