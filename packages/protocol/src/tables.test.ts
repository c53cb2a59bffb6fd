import { describe, expect, it } from 'vitest';
import { endReasonNames, endReasonOfError, endReasonTable } from './endReasons.ts';
import { errorCodes, errorTable, ProtocolError } from './errors.ts';
import { actions, mayDo, roles } from './roles.ts';
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

describe('the role table', () => {
  it('lets a presenter do everything, a consumer nothing, and only a presenter end for everyone', () => {
    expect(actions.every((action) => mayDo('presenter', action))).toBe(true);
    expect(actions.some((action) => mayDo('consumer', action))).toBe(false);
    expect(roles.filter((role) => mayDo(role, 'endForEveryone'))).toEqual(['presenter']);
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
