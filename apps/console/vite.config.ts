import { type Endpoint, endpoints, isChange } from '@counterpoint/contracts';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * The client needs of every operation no more than where it is and whether it changes something; the schemas, which only
 * types are taken from, would be a quarter of what a browser has to load first.
 */
function slimOperations(): Plugin {
  const id = '\0slim-operations';
  const slim = ([name, definition]: [string, Endpoint]) => {
    const { method, path, body } = definition;
    return [name, { method, path, body: body !== undefined, changes: isChange(definition) }];
  };
  const source = () => `
    export const endpoints = ${JSON.stringify(Object.fromEntries(Object.entries<Endpoint>(endpoints).map(slim)))};
    export const isChange = ({ changes }) => changes;
  `;
  return {
    name: 'slim-operations',
    enforce: 'pre',
    resolveId: (wanted, importer) =>
      wanted === '@counterpoint/contracts' && importer?.endsWith('packages/sdk/src/client.ts') ? id : undefined,
    load: (asked) => (asked === id ? source() : undefined),
  };
}

/** Screens that must have something in common before every screen loads it. */
const SHARED_BY = 10;

/** What only lists need: the first screen is none. */
const OF_LISTS = /@tanstack\/(react-)?(table|virtual)|\/ui\/(data-table|filter-bar)/;

const isFrame = (id: string) => /\.(tsx?|m?js)$/.test(id) && !OF_LISTS.test(id);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [slimOperations(), react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The strict content security policy of the server allows no inlined data other than pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        // What a quarter of the screens share goes into one file: together it packs better than in forty small ones, and
        // comes with the first screen instead of after it.
        codeSplitting: { groups: [{ name: 'frame', test: isFrame, minShareCount: SHARED_BY }] },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7300' } },
});
