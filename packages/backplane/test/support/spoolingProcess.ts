import { EventSpool } from '../../src/events/EventSpool.ts';

/** Pushes events into the spool of the folder, one after another, and says of each that it was pushed. */
const [folder = ''] = process.argv.slice(2);
const spool = await EventSpool.open({
  folder,
  onError: (error) => {
    throw error;
  },
});
let count = 0;
setInterval(() => {
  // Said once the write of the turn before is over.
  process.stdout.write(`${count}\n`);
  count += 1;
  spool.push({
    eventId: `${count}`,
    applicationId: 'app1',
    callId: 'call1',
    atMs: count,
    name: 'callConnected',
  });
}, 1);
