import { relative } from 'node:path';
import { pinThisProcess, writeReport } from '@parley/test-kit/bench';
import { measureJoins } from './joins/measureJoins.ts';
import { measureForwarding } from './media/measureForwarding.ts';
import { measurePolicy } from './media/measurePolicy.ts';
import { cryptoSuite } from './media/Srtp.ts';
import { measureRequests } from './requests/measureRequests.ts';

/**
 * Measures the call engine, each figure beside a peer in the same run: what Parley adds to a bare router, what the
 * forwarding policy saves, what a signaling request costs beside a bare echo, and how long a join takes. The media worker, or the
 * server, has one core to itself and the load the other. What a killed worker costs is added by a program of its own,
 * which has browsers.
 */
pinThisProcess(1);

console.log('Signaling requests beside a bare echo …');
const requests = await measureRequests();
console.table(requests);

console.log('People who join, twenty a second …');
const joins = await measureJoins();
console.table(joins);

console.log('Forwarding beside two bare routers …');
const forwarding = await measureForwarding();
console.table(forwarding);

console.log('One call with the forwarding policy, and without …');
const policy = await measurePolicy();
console.table({ ...policy, curve: policy.curve.length });

const path = await writeReport({
  name: 'sfu',
  figures: { ...forwarding, policy, ...requests, ...joins, cipher: cryptoSuite },
  libraries: ['mediasoup', 'socket.io'],
});
console.log(`Figures in ${relative(process.cwd(), path)}`);
process.exit(0);
