/** What a file, a program, a server or a model may write to take over a terminal, or to show other than it says. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'CSI colour': 'a\u001b[31mb',
  'CSI that clears the screen': 'a\u001b[2J\u001b[Hb',
  'CSI that moves up and overwrites': 'rm -rf x\u001b[1A\u001b[2Kls',
  'CSI with private parameters': 'a\u001b[?1049hb',
  'CSI with intermediates': 'a\u001b[0 qb',
  'CSI that is not closed': 'a\u001b[38;5',
  'CSI that asks the terminal': 'a\u001b[6nb',
  'OSC title, closed by BEL': 'a\u001b]0;you are root\u0007b',
  'OSC title, closed by ST': 'a\u001b]2;you are root\u001b\\b',
  'OSC 8 link': 'a\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\b',
  'OSC 8 link, closed by BEL': 'a\u001b]8;;file:///etc/passwd\u0007click\u001b]8;;\u0007b',
  'OSC 52 clipboard': 'a\u001b]52;c;cm0gLXJmIC8=\u0007b',
  'OSC 52 clipboard, not closed': 'a\u001b]52;c;cm0gLXJmIC8=',
  'OSC that is not closed and long': `a\u001b]0;${'x'.repeat(300)}`,
  DCS: 'a\u001bP$q"p\u001b\\b',
  'DCS that is not closed': 'a\u001bP1;2|17/414243',
  APC: 'a\u001b_Gf=100;AAAA\u001b\\b',
  PM: 'a\u001b^secret\u001b\\b',
  SOS: 'a\u001bXsecret\u001b\\b',
  reset: 'a\u001bcb',
  'character set': 'a\u001b(0qqqb',
  'lone ESC at the end': 'a\u001b',
  'two ESC': 'a\u001b\u001b[31mb',
  BEL: 'a\u0007b',
  'BS overwrites': 'rm x\b\b\b\bls  ',
  'CR overwrites': 'rm -rf x\rls      ',
  'CR at the end': 'a\r',
  NUL: 'a\u0001\u0002\u0003b',
  'VT and FF': 'a\u000b\u000cb',
  'SO and SI': 'a\u000e\u000fb',
  DEL: 'a\u007fb',
  'C1 CSI in UTF-8': 'a\u009b31mb',
  'C1 OSC in UTF-8': 'a\u009d0;title\u009cb',
  'C1 DCS in UTF-8': 'a\u0090data\u009cb',
  'C1 NEL': 'a\u0085b',
  LRE: 'a\u202ab',
  RLE: 'a\u202bb',
  PDF: 'a\u202cb',
  LRO: 'a\u202db',
  RLO: 'access\u202etxt.exe',
  LRI: 'a\u2066b',
  RLI: 'a\u2067b',
  FSI: 'a\u2068b',
  PDI: 'a\u2069b',
  'trojan source': 'if (admin) {\u202e } \u2066// check\u2069 \u2066 begin',
  'LRM and RLM': 'a\u200e\u200fb',
  ALM: 'a\u061cb',
  'zero-width space': 'pay\u200bpal',
  'zero-width joiner between letters': 'pay\u200dpal',
  'zero-width non-joiner between letters': 'pay\u200cpal',
  'word joiner': 'pay\u2060pal',
  'byte order mark inside': 'pay\ufeffpal',
  'soft hyphen': 'pay\u00adpal',
  'invisible operators': 'a\u2061\u2062\u2063\u2064b',
  'line and paragraph separators': 'a\u2028b\u2029c',
  'interlinear annotation': 'a\ufff9b\ufffac\ufffb',
  'Hangul filler': 'a\u3164b',
  'tag characters': `a${Array.from('run rm', (letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('')}b`,
  'variation selectors that carry bytes': 'a\u{e0100}\u{e0155}b',
  'variation selectors that carry half bytes': 'a\ufe06\ufe08\ufe06\ufe09b',
  'one variation selector behind a letter': 'pay\ufe0fpal',
  'variation selectors behind a picture': '👍\ufe0f\ufe0eb',
  'a variation selector that the picture does not have': '👍\ufe03b',
  'a joiner behind a variation selector': 'a\ufe0f\u200d👍b',
  'musical format controls': 'a\u{1d173}\u{1d17a}b',
  'hieroglyph format controls': 'a\u{13430}\u{1343f}b',
  'shorthand format controls': 'a\u{1bca0}\u{1bca3}b',
  'combining grapheme joiner': 'a\u034fb',
  'Hangul fillers': 'a\u115f\u1160\uffa0b',
  'Mongolian selectors': 'a\u180b\u180e\u180fb',
};

/** What must not reach a terminal, a page, a log or a model. */
const dangerous =
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff0-\ufffb\u115f\u1160\u180b-\u180f\uffa0\u{1d173}-\u{1d17a}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{e0000}-\u{e0fff}]|\u034f|[a-z][\u200c\u200d]|[\u200c\u200d][a-z]|[a-z][\ufe00-\ufe0f]|[\ufe00-\ufe0f]{2}|👍[\ufe00-\ufe0d]/u;

/** The first piece of a text that is still dangerous; undefined: nothing is. */
export function danger(text: string): string | undefined {
  const at = text.search(dangerous);
  return at === -1 ? undefined : JSON.stringify(text.slice(Math.max(0, at - 10), at + 10));
}

/** The same of every text in a value, but for those under the given names. */
export function dangerIn(value: unknown, exact: ReadonlySet<string> = new Set()): string | undefined {
  if (typeof value === 'string') return danger(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const found = exact.has(name) ? undefined : dangerIn(each, exact);
    if (found !== undefined) return `${name}: ${found}`;
  }
  return undefined;
}
