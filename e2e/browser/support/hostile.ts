/** Texts that tools and mails can send to harm, mislead or break whoever reads them. */
export const HOSTILE: Readonly<Record<string, string>> = {
  markup: '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>',
  style: '</style><style>body{display:none}</style>',
  bidi: 'invoice\u202Efdp.exe \u2066hidden\u2069 \u200Bzero\u200Dwidth',
  control: 'bell\u0007 escape\u001b[31mred null\u0000 end',
  long: `A${'BC'.repeat(50_000)}`,
  wide: '\u{1F6A8}'.repeat(60),
  homograph: 'Sign in at p\u0430ypal.example (Cyrillic a)',
  stacked: `Z${'\u0351'.repeat(60)}algo`,
  rtl: '\u062A\u0646\u0628\u064A\u0647 \u0623\u0645\u0646\u064A 203.0.113.9',
  lines: 'one\ntwo\r\nthree\tfour\u2028five',
};
