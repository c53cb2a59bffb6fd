import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` serves the platform that a page under development talks to. */
const platform = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    // The first browsers with light-dark(), which the colours are written in.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    sourcemap: true,
    // A page under `default-src 'self'` may load no data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/v1': platform,
      '/web-config.json': platform,
      '/signaling': { target: platform, ws: true },
    },
  },
});
