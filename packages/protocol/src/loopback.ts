const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a host, written as `URL.hostname` writes it, can only be this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname);
}

/** The hosts of `isLoopbackHost`, for those who have to list them. */
export const loopbackHostNames: readonly string[] = [...loopbackHosts];
