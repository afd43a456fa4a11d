/** A tree that has no natural form in a language; whoever asked for it takes another one. */
export class Unprintable extends Error {
  constructor(language: string, what: string) {
    super(`${what} has no form in ${language}`);
    this.name = 'Unprintable';
  }
}
