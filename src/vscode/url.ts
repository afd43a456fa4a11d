/** What is wrong with an address, as a sentence; null when nothing is. */
export function urlFault(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return 'Type the address of a server, for example http://localhost:11434/v1.';
  if (!URL.canParse(trimmed)) return 'This is no address. One looks like http://localhost:11434/v1.';
  const { protocol, username, password } = new URL(trimmed);
  if (!/^https?:$/.test(protocol)) return 'The address must begin with http:// or https://.';
  if (username !== '' || password !== '')
    return 'Leave the key out of the address; set it with "Drover: Set Server Key".';
  return null;
}
