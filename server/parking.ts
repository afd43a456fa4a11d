import type { LoggedEvent } from '../src/common/events.ts';
import { pause } from '../src/common/interjections.ts';
import { decided, lostUnderWay, openAsks, parkable, turnParked } from '../src/common/repair.ts';

/** What parking a chat needs of it. */
export interface ParkingDeps {
  /** Milliseconds without a client after which a question waits without an agent. */
  after: number;
  /** Whether a client looks on. */
  attended(): boolean;
  events(): readonly LoggedEvent[];
  /** Logs the event and keeps it safe. */
  record(event: LoggedEvent): void;
  /** Ends the agent process. */
  drop(why: string): void;
  /** Whether another agent may be started now. */
  mayGoOn(): boolean;
  /** It goes on with the open turn. */
  goOn(): void;
}

/** Lets the agent of a chat go while nobody is there to answer: the question stays, and costs no process meanwhile. */
export class Parking {
  private readonly deps: ParkingDeps;
  private timer: NodeJS.Timeout | undefined;

  constructor(deps: ParkingDeps) {
    this.deps = deps;
  }

  /** The turn waits for a person, without an agent. */
  get parked(): boolean {
    return turnParked(this.deps.events());
  }

  /** Something is left for the person to decide. */
  get waits(): boolean {
    return openAsks(this.deps.events()).length > 0 || pause(this.deps.events()) !== undefined;
  }

  /** The turn waits for a person from now on. */
  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.park(), this.deps.after);
    this.timer.unref();
  }

  /**
   * The process that asked is gone, and what it ran with it; where the person has decided already, `decided` lets another
   * one go on.
   *
   * @param writing it was writing an answer: what was decided had reached it
   * @returns false when more is lost with it than the waiting
   */
  parkLost(writing: boolean): boolean {
    const events = this.deps.events();
    if (!this.waits && (writing || !decided(events))) return false;
    for (const end of lostUnderWay(events)) this.deps.record(end);
    this.deps.record({ type: 'turn.parked', why: 'ended' });
    return true;
  }

  /** The person has decided something: where that was all, another agent goes on where the one before had stopped. */
  decided(): void {
    if (!this.ready || !this.deps.mayGoOn()) return;
    // One that was started for something else does not know what was decided.
    this.deps.drop('the turn goes on in another one');
    this.deps.record({ type: 'turn.resumed' });
    this.deps.goOn();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  /** It is parked, and nothing is left to decide. */
  get ready(): boolean {
    return this.parked && !this.waits;
  }

  private park(): void {
    if (this.parked || !this.waits) return;
    if (this.deps.attended() || !parkable(this.deps.events(), true)) return this.later();
    this.deps.record({ type: 'turn.parked', why: 'nobody' });
    this.deps.drop('nobody is there to answer');
  }
}
