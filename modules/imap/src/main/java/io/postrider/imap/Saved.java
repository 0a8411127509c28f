package io.postrider.imap;

import io.postrider.imap.ReturnOptions.Option;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/** What SEARCH and SORT with SAVE leave in "$". RFC 5182 §2.1, §2.4 */
final class Saved {
    private Saved() {}

    /** @param found UIDs, in the order of the answer */
    static void save(SelectedMailbox mailbox, ReturnOptions options, Results found) {
        if (options.has(Option.SAVE)) {
            mailbox.save(options.savesAll() ? found.set() : told(options, found));
        }
    }

    /** After NO there is nothing in "$"; after BAD there is still what there was. RFC 5182 §2.1 */
    static <T> Future<T> orNothing(SelectedMailbox mailbox, ReturnOptions options, Future<T> searched) {
        return options == null || !options.has(Option.SAVE)
                ? searched
                : searched.onFailure(failure -> {
                    if (!(failure instanceof BadSyntax)) {
                        mailbox.save(UidSet.EMPTY);
                    }
                });
    }

    private static UidSet told(ReturnOptions options, Results found) {
        UidSet told = UidSet.EMPTY;
        if (options.has(Option.PARTIAL)) {
            told = EsearchResponse.part(options, found).set();
        }
        if (options.has(Option.MIN) && found.size() > 0) {
            told = told.union(UidSet.of(found.at(0)));
        }
        if (options.has(Option.MAX) && found.size() > 0) {
            told = told.union(UidSet.of(found.at(found.size() - 1)));
        }
        return told;
    }
}
