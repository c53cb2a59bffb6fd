import { roles, type RequestName } from '@parley/protocol';
import {
  answers,
  everyone,
  notIn,
  ofCall,
  ofVictim,
  presenters,
  type Row,
  type Situation,
} from './requestTable.ts';

export type Variant = Row & { readonly request: RequestName };

const ownProducer = {
  data: ({ callId, ownProducerId }: Situation) => ({ callId, producerId: ownProducerId }),
  ...everyone,
  // Who may not send has none.
  consumer: 'not_found',
  ...notIn,
} as const;
const whoRings = ({ callId, rungId: participantId }: Situation) => ({ callId, participantId });
const oneself = ({ callId, ownId }: Situation) => ({ callId, participantId: ownId || 'nobody' });

/** What is asked about others of each role: the one who asks counts, not whom it is about. */
const ofEveryRole = Object.fromEntries(
  roles.flatMap((role): [string, Variant][] => {
    const named = ({ callId, others }: Situation) => ({ callId, participantId: others[role] });

    return [
      [
        `removeParticipant of one who is ${role}`,
        { ...answers.removeParticipant, request: 'removeParticipant', data: named },
      ],
      [
        `changeRole of one who is ${role}`,
        {
          ...answers.changeRole,
          request: 'changeRole',
          data: (situation) => ({ ...named(situation), role: 'presenter' }),
        },
      ],
      [
        `muteParticipants of one who is ${role}`,
        {
          ...answers.muteParticipants,
          request: 'muteParticipants',
          data: ({ callId, others }) => ({ callId, participantIds: [others[role]] }),
        },
      ],
      [`lowerHand of one who is ${role}`, { ...answers.lowerHand, request: 'lowerHand', data: named }],
    ];
  }),
);

/** The same requests about somebody or something else. */
export const variants: Readonly<Record<string, Variant>> = {
  'pauseProducer of their own': { request: 'pauseProducer', ...ownProducer },
  'resumeProducer of their own': { request: 'resumeProducer', ...ownProducer },
  'closeProducer of their own': { request: 'closeProducer', ...ownProducer },
  'resizeProducer of their own': {
    request: 'resizeProducer',
    ...ownProducer,
    data: (situation) => ({ ...ownProducer.data(situation), size: { width: 640, height: 360 } }),
  },
  'cancelRinging of one who rings': {
    request: 'cancelRinging',
    ...presenters,
    ...notIn,
    data: whoRings,
    collaborator: 'ok',
  },
  'cancelRinging of one who is in': {
    request: 'cancelRinging',
    ...presenters,
    ...notIn,
    data: ofVictim,
    collaborator: 'invalid_state',
    presenter: 'invalid_state',
  },
  'removeParticipant of one who rings': {
    request: 'removeParticipant',
    ...answers.removeParticipant,
    data: whoRings,
  },
  'removeParticipant of themselves': {
    request: 'removeParticipant',
    ...answers.removeParticipant,
    data: oneself,
    presenter: 'invalid_request',
  },
  'changeRole of themselves': {
    request: 'changeRole',
    ...answers.changeRole,
    data: (situation) => ({ ...oneself(situation), role: 'presenter' }),
  },
  'muteParticipants of themselves': {
    request: 'muteParticipants',
    ...answers.muteParticipants,
    data: ({ callId, ownId }) => ({ callId, participantIds: [ownId || 'nobody'] }),
    presenter: 'invalid_request',
  },
  'muteParticipants of one who rings': {
    request: 'muteParticipants',
    ...answers.muteParticipants,
    data: ({ callId, rungId }) => ({ callId, participantIds: [rungId] }),
    presenter: 'not_found',
  },
  'muteParticipants of all': { request: 'muteParticipants', ...answers.muteParticipants, data: ofCall },
  'lowerHand of their own': { request: 'lowerHand', ...answers.raiseHand, data: ofCall },
  'setSpotlight of one who rings': {
    request: 'setSpotlight',
    ...answers.setSpotlight,
    data: ({ callId, rungId }) => ({ callId, participantIds: [rungId] }),
    presenter: 'not_found',
  },
  ...ofEveryRole,
};
