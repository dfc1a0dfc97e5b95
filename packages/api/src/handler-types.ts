import type { EndpointName, endpoints } from '@counterpoint/contracts';
import type { Principal } from '@counterpoint/identity';
import type { z } from 'zod';
import type { Browser } from './session/browser.ts';

type Definition<Name extends EndpointName> = (typeof endpoints)[Name];
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<never, never>;

/** A validated request of one operation. */
export interface ApiRequest<Name extends EndpointName> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Definition<Name> extends { query: infer Query } ? Output<Query> : Record<never, never>;
  readonly body: Definition<Name> extends { body: infer Body } ? Output<Body> : Record<never, never>;
  /** Who asks; undefined only for anonymous operations. */
  readonly principal: Principal;
  /** Address of the caller. */
  readonly remote: string;
  /** Its browser, where sessions are kept; every request over HTTP has one. */
  readonly browser?: Browser;
}

/** What performs one operation. */
export type Handler<Name extends EndpointName> = (
  request: ApiRequest<Name>,
) => Promise<z.input<Definition<Name>['response']>>;

/** What performs a group of operations. */
export type Handlers<Names extends EndpointName> = { readonly [Name in Names]: Handler<Name> };
