/** A made-up workspace lacks what a plan needs, or something in it came in between; another one is tried. */
export class Unsuitable extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Unsuitable';
  }
}
