interface Advice {
  readonly code: string;
  /** What the message says; left out: whatever it says. */
  readonly when?: RegExp;
  readonly text: string;
}

/** The first that fits counts. */
const ADVICE: readonly Advice[] = [
  {
    code: 'connector.unauthorized',
    text: 'Copy the credential from the product once more, without spaces around it. It may also have expired.',
  },
  {
    code: 'connector.forbidden',
    text: 'The credential is right, but its account may not do this. Give it the right in the product.',
  },
  {
    code: 'connector.egress_denied',
    when: /without TLS/,
    text: 'Begin the address with https://. If the product is in your own network and has no TLS, choose “Own network”.',
  },
  {
    code: 'connector.egress_denied',
    when: /allowed hosts|redirect/,
    text: 'The product sends on to this host, or it is missing in the list. If it belongs to the product, enter it under “Allowed hosts”.',
  },
  {
    code: 'connector.egress_denied',
    when: /scope "public"/,
    text: 'This address is not on the internet. If the product is in your own network, choose “Own network”; on this machine, “This machine”.',
  },
  {
    code: 'connector.egress_denied',
    when: /scope "lab"/,
    text: '“This machine” reaches this machine alone. Choose “Own network” or “Internet”.',
  },
  {
    code: 'connector.egress_denied',
    when: /scope "private"/,
    text: 'It is neither in your own network nor on the internet. For a program on this machine choose “This machine”; 169.254.… is refused everywhere.',
  },
  {
    code: 'connector.egress_denied',
    text: 'Choose the network that the address is in, or correct the address. See “Where it may send”.',
  },
  {
    code: 'connector.unavailable',
    when: /self-signed|unknown authority/,
    text: 'Certificates are always checked. Let this server know it: start it with NODE_EXTRA_CA_CERTS=<file with this certificate, or that of your authority>.',
  },
  {
    code: 'connector.unavailable',
    when: /has expired|not valid yet/,
    text: 'Renew the certificate in the product, and look at the clocks of both machines.',
  },
  {
    code: 'connector.unavailable',
    when: /for another name/,
    text: 'Use the name that stands in its certificate as the address, in place of this one or of a number.',
  },
  {
    code: 'connector.unavailable',
    when: /not speak TLS/,
    text: 'Correct the port; or, where the product has no TLS and is in your own network, begin the address with http://.',
  },
  {
    code: 'connector.unavailable',
    when: /name is not known|name service/,
    text: 'Check how the host is spelled, and whether this server can look it up: names of your own network need your own name service.',
  },
  {
    code: 'connector.unavailable',
    when: /connection was refused/,
    text: 'The machine is there, but nothing listens on this port. Check the address and its port, and that the product runs.',
  },
  {
    code: 'connector.unavailable',
    text: 'Check the address and its port, and whether this server can reach it: a firewall in between may not let it.',
  },
  {
    code: 'connector.timeout',
    text: 'Something is there but does not answer. A firewall in between may drop what is sent.',
  },
  {
    code: 'connector.bad_response',
    text: 'Something else answers at this address: a login page, a proxy, another product.',
  },
  {
    code: 'connector.not_found',
    text: 'The product does not know this path: the address may lack a part, or have one too many.',
  },
];

/** What people do about an error of a connection, where the connection itself can be the reason. */
export function adviceFor(code: string, message: string): string | undefined {
  return ADVICE.find((one) => one.code === code && (one.when?.test(message) ?? true))?.text;
}
