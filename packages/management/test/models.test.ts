import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  OperationBodyInput,
  OperationName,
  OperationQueryInput,
  Problem as ServiceProblem,
  Call as ServiceCall,
  Application as ServiceApplication,
  User as ServiceUser,
} from '@parley/protocol/rest';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as models from '../src/models.ts';
import { modelsText } from '../tools/modelsText.ts';

/** The models of what each operation is sent. */
interface Sent {
  createUser: models.CreateUser;
  updateUser: models.UpdateUser;
  issueToken: models.IssueToken;
  createAccessToken: models.CreateAccessToken;
  createSession: models.CreateSession;
  putAnonymousDestinations: models.AnonymousDestinations;
  createGuestSession: models.CreateGuestSession;
  createRoom: models.CreateRoom;
  updateRoom: models.UpdateRoom;
  createGuestLink: models.CreateGuestLink;
  createApplication: models.CreateApplication;
  updateApplication: models.UpdateApplication;
  createApiKey: models.CreateApiKey;
}

type NamesWithBody = {
  [Name in OperationName]: OperationBodyInput<Name> extends undefined
    ? never
    : OperationBodyInput<Name> extends Record<string, never>
      ? never
      : Name;
}[OperationName];

type SentBodies = { [Name in NamesWithBody]: OperationBodyInput<Name> };

describe('the models', () => {
  it('are what the generator makes of the schemas today', async () => {
    const written = await readFile(join(import.meta.dirname, '../src/models.ts'), 'utf8');

    // After a change of the schemas: npm run models -w @parley/management
    expect(written).toBe(await modelsText());
  });

  it('are of the types that the schemas infer', () => {
    expectTypeOf<Sent>().toExtend<SentBodies>();
    expectTypeOf<SentBodies>().toExtend<Sent>();
    expectTypeOf<models.User>().toEqualTypeOf<ServiceUser>();
    expectTypeOf<models.Call>().toEqualTypeOf<ServiceCall>();
    expectTypeOf<models.Application>().toEqualTypeOf<ServiceApplication>();
    expectTypeOf<models.Problem>().toEqualTypeOf<ServiceProblem>();
    expectTypeOf<models.ListCallsQuery>().toExtend<OperationQueryInput<'listCalls'>>();
    expectTypeOf<models.ListUsersQuery>().toExtend<OperationQueryInput<'listUsers'>>();
    expectTypeOf<models.CallStatsQuery>().toExtend<OperationQueryInput<'getCallStats'>>();
  });
});
