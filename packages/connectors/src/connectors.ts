import { type Connector, defineConnector } from '@counterpoint/connector-kit';
import { handlers } from './generated/handlers.ts';
import { manifests } from './generated/manifests.ts';

/** The connectors that ship with the product, by id. Their requests and schemas are compiled when first used. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  Object.entries(manifests).map(([id, manifest]) => {
    const own = handlers[id];
    return [id, defineConnector(own === undefined ? { manifest } : { manifest, handlers: own })];
  }),
);
