import type { Handler } from '../operations/handlerTypes.ts';
import { ownUserId } from '../principals/ownUserId.ts';
import { findCalls } from './findCalls.ts';

/** What the others thought of a call is for the application to know, and not for each other. */
export const listMyCalls: Handler<'listMyCalls'> = async ({ database, applicationId, principal, query }) => {
  const userId = ownUserId(principal);
  const { items, ...page } = await findCalls(database, applicationId, { ...query, userId });
  const withoutSurveys = items.map((call) => ({
    ...call,
    participants: call.participants.map(({ survey, ...participant }) => ({
      ...participant,
      ...(survey === undefined || participant.userId !== userId ? {} : { survey }),
    })),
  }));

  return { ...page, items: withoutSurveys };
};
