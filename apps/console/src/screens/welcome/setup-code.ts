const CODE = /^[0-9A-Z]{5}(-?[0-9A-Z]{5}){3}$/i;

/** The one-time code behind the `#` of the link that the first start printed; empty where there is none. */
export function codeOfFragment(fragment: string): string {
  const code = new URLSearchParams(fragment.replace(/^#/, '')).get('code')?.trim() ?? '';
  return CODE.test(code) ? code.toUpperCase() : '';
}
