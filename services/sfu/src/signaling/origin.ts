/** In a pattern, stands for any port. */
const anyPort = ':*';

/** Whether one of the patterns, such as `https://app.example` or `http://localhost:*`, covers the web origin. */
export function isOriginAllowed(origin: string, patterns: readonly string[]): boolean {
  const url = URL.parse(origin);
  if (url === null) {
    return false;
  }

  return patterns.some((pattern) =>
    pattern.endsWith(anyPort)
      ? `${url.protocol}//${url.hostname}` === pattern.slice(0, -anyPort.length).toLowerCase()
      : url.origin === URL.parse(pattern)?.origin && url.origin !== 'null',
  );
}
