export { networkOf } from '@parley/kit';
