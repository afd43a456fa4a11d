/** What is wrong with an address of a model server, as a sentence; null when nothing is. `http://` may be left out. */
export function urlFault(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return 'Type the address of a server, for example http://localhost:11434/v1.';
  const whole = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(whole)) return 'This is no address. One looks like http://localhost:11434/v1.';
  const { protocol, username, password } = new URL(whole);
  if (!/^https?:$/.test(protocol)) return 'The address must begin with http:// or https://.';
  if (username !== '' || password !== '')
    return 'Leave the key out of the address; set it with "Drover: Set Engine Key".';
  return null;
}
