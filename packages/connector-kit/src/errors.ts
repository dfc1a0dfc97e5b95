import { CounterpointError, defineErrors, type ErrorExtras, isCounterpointError } from '@counterpoint/core';
import type { ConnectorErrorName } from './manifest.ts';

/** The errors that actions end with, and those of loading connectors. */
export const errors = defineErrors('connector', {
  invalid_request: {
    status: 422,
    message: '{connector} refused the request: {reason}.',
    help: "Compare the arguments with the action's reference page.",
  },
  unauthorized: {
    status: 502,
    message: '{connector} did not accept the credential: {reason}.',
    help: 'Enter the credential of the connection again and test it; it may have expired or been revoked.',
  },
  forbidden: {
    status: 502,
    message: '{connector} does not allow this: {reason}.',
    help: 'Give the account or key behind the connection the right to do this.',
  },
  not_found: {
    status: 502,
    message: '{connector} does not know what was asked for: {reason}.',
    help: 'Check the value, and that the connection points to the right instance.',
  },
  conflict: {
    status: 502,
    message: '{connector} reports a conflict: {reason}.',
    help: 'Somebody else changed the same thing; look at it in the product itself.',
  },
  rate_limited: {
    status: 502,
    message: '{connector} asks to slow down: {reason}.',
    help: 'It is tried again later where the step says so; a higher quota may be needed.',
    retryable: true,
  },
  unavailable: {
    status: 502,
    message: '{connector} cannot be reached or is failing: {reason}.',
    help: 'Check the address, the network and the product itself; it is tried again where the step says so.',
    retryable: true,
  },
  timeout: {
    status: 504,
    message: '{connector} did not answer in time: {reason}.',
    help: 'Check whether the product is slow; raise the time-out of the step if it needs longer.',
    retryable: true,
  },
  bad_response: {
    status: 502,
    message: '{connector} answered something that cannot be read: {reason}.',
    help: 'The product may have changed its API, or something between answers in its place.',
  },
  egress_denied: {
    status: 403,
    message: '{connector} may not reach {host}: {reason}.',
    help: "Add the host to the connection's allowed hosts, or choose its network scope (public, private, lab) on purpose.",
  },
  manifest_invalid: {
    status: 422,
    message: 'The connector {connector} is not valid: {reason}.',
    help: 'Correct its manifest; connector-lint shows every finding.',
  },
  unknown_action: {
    status: 404,
    message: '{connector} has no action {action}{suggestion}.',
    help: "See the connector's reference page for its actions.",
  },
});

/**
 * Whether the vendor may have carried out the request although an error came back: `no` when it surely did not
 * (never sent, or refused), `maybe` when the answer was lost or unclear.
 */
export type Performed = 'no' | 'maybe';

/** An error of an action's call. */
export class ConnectorError extends CounterpointError {
  readonly reason: ConnectorErrorName;
  readonly performed: Performed;
  /** The vendor's wish, in milliseconds, when it named one (`Retry-After`). */
  readonly retryAfter: number | undefined;
  private readonly params: { readonly connector: string; readonly reason: string; readonly host?: string };

  constructor(
    reason: ConnectorErrorName,
    params: { readonly connector: string; readonly reason: string; readonly host?: string },
    options: { readonly performed: Performed; readonly retryAfter?: number } & ErrorExtras,
  ) {
    const spec = errors.specs[`connector.${reason}`];
    if (!spec) throw new RangeError(`unknown connector error ${reason}`);
    super(`connector.${reason}`, spec, { host: '', ...params }, options);
    this.reason = reason;
    this.params = params;
    this.performed = options.performed;
    this.retryAfter = options.retryAfter;
  }

  /** The same error, of a request that came before the action's own: surely nothing was performed. */
  beforeSending(): ConnectorError {
    const retry = this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter };
    return new ConnectorError(this.reason, this.params, { performed: 'no', ...retry, details: this.details });
  }
}

/** Whether `error` came from an action's call. */
export function isConnectorError(error: unknown): error is ConnectorError {
  return isCounterpointError(error) && error instanceof ConnectorError;
}
