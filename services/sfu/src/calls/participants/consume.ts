import type { RequestAnswer } from '@parley/protocol';
import type { Participation } from './publish.ts';

/** Receives what others in the call send; what is never going to come is named. */
export async function consume(
  { call, participant }: Participation,
  producerIds: readonly string[],
): Promise<RequestAnswer<'consume'>> {
  const present = new Set(call.present.flatMap(({ producers }) => producers.map(({ id }) => id)));
  const gone = producerIds.filter((id) => !present.has(id));
  const { consumers, unavailable } = await participant.media.consume(
    producerIds.filter((id) => present.has(id)),
  );

  return { consumers, unavailable: [...gone, ...unavailable] };
}
