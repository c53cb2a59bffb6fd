/** To be named to the bundler as free of effects, so that it leaves out the calls of it. */
export const logCalls = '__leftOut';

/** As a statement, or as all that a function does. */
const logCall = /(^ *|=> )(?:this\.)?\w*logger\.(?:debug|warn|error)\(/gim;

/**
 * Has what only writes log lines left out of a module of mediasoup-client and its like; the texts are a good part of
 * those libraries, and the logger that stands there in the bundle has no methods.
 */
export const withoutLogCalls = (code: string): string =>
  code.replaceAll(
    logCall,
    (_call, before: string) => `${before}${before === '=> ' ? 'void ' : ''}${logCalls}(`,
  );
