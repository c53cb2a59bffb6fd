import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame } from '../expectations.ts';
import type { ClientDriver, ClientUnderTest } from './ClientDriver.ts';
import { ScriptedServer } from './ScriptedServer.ts';

/** What a case is played with. */
export interface Stage {
  readonly driver: ClientDriver;
  readonly server: ScriptedServer;
  readonly client: ClientUnderTest;
}

/** A case that begins with a client which has connected and nothing else. */
export function clientCase(
  title: string,
  play: (stage: Stage) => Promise<void>,
): ConformanceCase<ClientDriver> {
  return {
    title,
    async run(driver) {
      const server = new ScriptedServer(driver);
      const client = await driver.start(server.accept);
      try {
        await play({ driver, server, client });
        server.requireConformance();
      } finally {
        await client.stop();
      }
    },
  };
}

/** The client is in the call with Bob, and sends its microphone. */
export async function enter({ driver, server, client }: Stage): Promise<void> {
  server.on('joinRoom', () => server.joined('bob'));
  client.joinRoom('room-1');
  await server.whenAsked('produce');
  await driver.until(() => client.view().state === 'in the call');
  expectSame(client.view().others, ['bob'], 'Who is there');
}
