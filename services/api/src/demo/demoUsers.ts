import { randomBytes } from 'node:crypto';
import { toUserRecord } from '../admission/records.ts';
import type { DemoContext } from './DemoContext.ts';
import type { Demo } from './demoSchema.ts';

type DemoUser = Demo['users'][number];

const people = [
  { id: 'alice', displayName: 'Alice', email: 'alice@demo.parley.example' },
  { id: 'bob', displayName: 'Bob', email: 'bob@demo.parley.example' },
];

/** Alice and Bob, each with the previous password when it still opens the account, else with a new one. */
export function ensureDemoUsers(
  context: DemoContext,
  applicationId: string,
  previous: readonly DemoUser[],
): Promise<DemoUser[]> {
  return Promise.all(
    people.map(async (person) => {
      const known = previous.find(({ id }) => id === person.id)?.password;

      return { ...person, password: await ensureUser(context, { applicationId, ...person }, known) };
    }),
  );
}

async function ensureUser(
  { database, admission, passwords }: DemoContext,
  user: Omit<DemoUser, 'password'> & { applicationId: string },
  known: string | undefined,
): Promise<string> {
  const { applicationId, id, email } = user;
  const where = { applicationId_id: { applicationId, id } };
  const row = await database.user.findUnique({ where });
  const isKept =
    known !== undefined && (await passwords.verify(applicationId, known, row?.passwordHash ?? undefined));
  const password = isKept ? known : randomBytes(12).toString('base64url');
  const passwordHash = isKept ? {} : { passwordHash: await passwords.hash(applicationId, password) };
  const ensured = await database.user.upsert({
    where,
    create: { ...user, ...passwordHash },
    update: { email, ...passwordHash },
    include: { phoneNumbers: true },
  });
  await admission.putUser(toUserRecord(ensured));

  return password;
}
