/**
 * Version of the signaling protocol: `major.minor`. A server speaks to every client of its own major version;
 * a minor version only adds optional fields, requests and notifications. PROTOCOL.md keeps the history.
 */
export const protocolVersion = '2.2';

/** Whether two ends of these versions understand each other. */
export function isCompatibleVersion(theirs: string, ours: string = protocolVersion): boolean {
  return majorOf(theirs) === majorOf(ours);
}

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}
