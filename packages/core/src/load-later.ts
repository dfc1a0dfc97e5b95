import { createRequire } from 'node:module';

/**
 * Makes a way to a heavy CommonJS dependency that loads it when it is first needed, not with the module that may need
 * it: for what many a server needs late, or never.
 *
 * @param name as it would be imported
 * @param from `import.meta.url` of the caller, whose dependency it is
 */
export function loadLater<Module>(name: string, from: string): () => Module {
  let loaded: Module | undefined;
  return () => {
    loaded ??= createRequire(from)(name) as Module;
    return loaded;
  };
}
