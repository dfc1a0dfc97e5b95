/**
 * What people choose first: words, keyboard runs and names, without the digits and signs that are put around them. A
 * password that is nothing but these, repeated or dressed up, is among the first that are tried.
 */
export const COMMON_CORES: ReadonlySet<string> = new Set(
  `password passwort passw motdepasse contrasena wachtwoord qwerty qwertz azerty qwertyuiop qwertyui asdfgh asdfghjkl zxcvbn
  zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc admin administrator root user guest test tester testing welcome willkommen letmein
  login master default changeme changeit secret iloveyou monkey dragon football baseball basketball soccer princess sunshine
  shadow superman batman trustno michael jennifer jordan hunter charlie ashley bailey computer internet system server database
  security secure company summer winter spring autumn january february march april june july august september october november
  december monday friday counterpoint security analyst soc owner abcdef abcdefgh abcdefghij abcdefghijkl whatever freedom
  starwars pokemon minecraft google facebook microsoft windows linux`.split(/\s+/),
);
