import type { Backplane } from '@parley/backplane';

/** The nodes but this one that live and have devices of the user. */
export async function farNodeIds(
  { nodes, presence }: Pick<Backplane, 'nodes' | 'presence'>,
  { applicationId, userId }: { readonly applicationId: string; readonly userId: string },
  ownId: string,
): Promise<string[]> {
  const endpoints = await presence.endpointsOf(applicationId, userId);
  const far = new Set(endpoints.map(({ nodeId }) => nodeId).filter((nodeId) => nodeId !== ownId));
  if (far.size === 0) {
    return [];
  }

  return (await nodes.list()).map(({ nodeId }) => nodeId).filter((nodeId) => far.has(nodeId));
}
