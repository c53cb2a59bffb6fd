/**
 * Whether a page of `origin` may use an application that allows `patterns`.
 *
 * A pattern is a web origin (RFC 6454) such as `https://app.example`; with `:*` at its end it stands for every
 * port, the scheme's own included. Nothing else is a wildcard: half a host name would let a stranger's in.
 */
export function isOriginAllowed(origin: string, patterns: readonly string[]): boolean {
  const anyPort = origin.replace(/:\d+$/, '');

  return patterns.some((pattern) =>
    pattern.endsWith(':*') ? pattern.slice(0, -2) === anyPort : pattern === origin,
  );
}
