import { describe, expect, it } from 'vitest';
import { endReasonNames, endReasonOfError, endReasonTable } from './endReasons.ts';
import { errorCodes, errorTable, ProtocolError, tooManyRequests } from './errors.ts';
import { actions, mayDo, privilegedActions, roles } from './roles.ts';
import { toWireError } from './signaling/socket.ts';
import { isCompatibleVersion } from './version.ts';

describe('the end-reason table', () => {
  it('gives every reason its own pair of code and subCode', () => {
    const pairs = endReasonNames.map(
      (name) => `${endReasonTable[name].code}/${endReasonTable[name].subCode}`,
    );

    expect(new Set(pairs).size).toBe(endReasonNames.length);
  });

  it('knows an end reason for every error a call can fail with', () => {
    expect(errorCodes.map((code) => endReasonOfError(code)).every((name) => name in endReasonTable)).toBe(
      true,
    );
    expect(endReasonOfError('callee_busy')).toBe('busy');
    expect(endReasonOfError('joined_elsewhere')).toBe('joined_elsewhere');
    expect(endReasonOfError('internal')).toBe('failed');
  });
});

describe('the error table', () => {
  it('names an HTTP error status for every code', () => {
    expect(
      errorCodes.filter((code) => errorTable[code].status < 400 || errorTable[code].status > 599),
    ).toEqual([]);
  });
});

describe('a refusal of what comes too often', () => {
  it('names whole seconds after which a retry makes sense, at least one', () => {
    expect([0, 0.2, 1, 1.01].map((seconds) => tooManyRequests(seconds).retryAfterSeconds)).toEqual([
      1, 1, 1, 2,
    ]);
  });
});

describe('the role table', () => {
  it('lets a presenter do everything, and a consumer say something without being seen or heard', () => {
    expect(actions.every((action) => mayDo('presenter', action))).toBe(true);
    expect(actions.filter((action) => mayDo('consumer', action))).toEqual(['sendChat', 'react', 'raiseHand']);
  });

  it('lets nobody but a presenter, and for adding a collaborator, stand above others', () => {
    const above = [...privilegedActions].map((action) => [
      action,
      roles.filter((role) => mayDo(role, action)),
    ]);

    expect(above).toEqual(
      [...privilegedActions].map((action) => [
        action,
        action === 'addParticipants' ? ['presenter', 'collaborator'] : ['presenter'],
      ]),
    );
  });

  it('gives no role more than the one before it has', () => {
    const allowed = roles.map((role) => actions.filter((action) => mayDo(role, action)));

    expect(
      allowed.slice(1).flatMap((those, index) => those.filter((one) => !allowed[index]?.includes(one))),
    ).toEqual([]);
  });

  it('lets a room take the attendees, and nobody else, their right to share', () => {
    const may = (attendeesMayShare: boolean) =>
      roles.filter((role) => mayDo(role, 'shareScreen', { attendeesMayShare }));

    expect(may(true)).toEqual(['presenter', 'collaborator', 'attendee']);
    expect(may(false)).toEqual(['presenter', 'collaborator']);
  });
});

describe('toWireError', () => {
  it('tells a coded error as it is', () => {
    const error = new ProtocolError('too_many_requests', 'Slow down.', { retryAfterSeconds: 2 });

    expect(toWireError(error)).toEqual({
      code: 'too_many_requests',
      message: 'Slow down.',
      retryable: true,
      retryAfterSeconds: 2,
    });
  });

  it('hides what an unexpected error says', () => {
    const wire = toWireError(new Error('password=hunter2'));

    expect(wire.code).toBe('internal');
    expect(JSON.stringify(wire)).not.toContain('hunter2');
  });
});

describe('isCompatibleVersion', () => {
  it('asks for the same major version and no more', () => {
    expect(isCompatibleVersion('1.7', '1.0')).toBe(true);
    expect(isCompatibleVersion('2.0', '1.0')).toBe(false);
    expect(isCompatibleVersion('', '1.0')).toBe(false);
  });
});
