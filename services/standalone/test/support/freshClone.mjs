import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    if (found.url.includes('/generated/')) {
      throw new Error(`${found.url} is not generated yet.`);
    }

    return found;
  },
});
