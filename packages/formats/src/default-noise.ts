import type { NoiseDocument } from './noise-list.ts';

/**
 * What carries no information in almost any alert: this host, unspecified and broadcast addresses, names reserved for
 * documentation (RFC 2606), the homes of XML namespaces, and field names that look like domains. Private addresses are
 * not noise: they name our own machines.
 */
export const defaultNoise: NoiseDocument = {
  values: [
    'localhost.localdomain',
    'host.name',
    'host.id',
    'user.name',
    'user.id',
    'process.name',
    'file.name',
    'event.id',
    'rule.id',
    'rule.name',
    'agent.id',
    'agent.name',
    'node.js',
    'index.html',
    'index.php',
    'favicon.ico',
    'robots.txt',
  ],
  domains: [
    'example.com',
    'example.net',
    'example.org',
    'schemas.microsoft.com',
    'schemas.openxmlformats.org',
    'schemas.xmlsoap.org',
    'schemas.android.com',
    'purl.org',
    'w3.org',
    'xmlns.com',
    'in-addr.arpa',
    'ip6.arpa',
  ],
  cidrs: ['127.0.0.0/8', '0.0.0.0', '255.255.255.255', '::', '::1'],
};
