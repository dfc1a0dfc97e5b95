import { styleText } from './style-text.ts';

/** What of the browser's Trusted Types is used; the types of the DOM do not have them yet. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { readonly createHTML: (text: string) => string | null }): unknown;
}

// The policy of the server asks for this before anything is written as markup, and allows no second policy: only what
// cannot be markup is let through, and no script or address of one. The component library writes its style sheets so.
(window as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('default', { createHTML: styleText });

// Schemas that come with shared packages would try to compile themselves to functions; they are told here that nobody may.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
