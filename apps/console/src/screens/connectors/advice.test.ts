import { describe, expect, it } from 'vitest';
import { adviceFor } from './advice.ts';

describe('advice about a connection that does not work', () => {
  const BROKEN = 'Wall cannot be reached or is failing: ';
  it.each([
    ['unauthorized', 'Wall did not accept the credential: HTTP 401.', /Copy the credential/],
    ['unavailable', `${BROKEN}the connection was refused (ECONNREFUSED).`, /nothing listens on this port/],
    ['unavailable', `${BROKEN}its name is not known (ENOTFOUND).`, /spelled/],
    ['unavailable', `${BROKEN}its certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT).`, /NODE_EXTRA_CA_CERTS/],
    ['unavailable', `${BROKEN}it does not speak TLS there (ERR_SSL_WRONG_VERSION_NUMBER).`, /Correct the port/],
    ['unavailable', `${BROKEN}E_WHATEVER.`, /firewall/],
    ['egress_denied', 'http without TLS is for private and lab networks only', /https:/],
    ['egress_denied', 'the address is outside the network scope "public"', /“Own network”/],
    ['egress_denied', 'the address is outside the network scope "private"', /169\.254/],
    ['egress_denied', "it is not one of the connection's allowed hosts", /“Allowed hosts”/],
  ])('tells by the reason what to do: %s, %s', (code, message, advice) => {
    expect(adviceFor(`connector.${code}`, message)).toMatch(advice);
  });

  it('is not given where the connection cannot be the reason', () => {
    expect(adviceFor('actions.forbidden', '')).toBeUndefined();
  });
});
