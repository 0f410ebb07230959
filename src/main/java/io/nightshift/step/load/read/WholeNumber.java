package io.nightshift.step.load.read;

import java.math.BigInteger;
import java.util.Locale;

/** Reads whole numbers in every way that PostgreSQL does: signs, zeros in front, 0x 0o 0b, underscores, blanks around. */
final class WholeNumber {

    private WholeNumber() {}

    /** @param copied as COPY's text format writes it; 0 for what is no number */
    static long of(String copied) {
        String text = copied.replaceAll("^(?:[ \\x0b\\f]|\\\\[tnr])+|(?:[ \\x0b\\f]|\\\\[tnr])+$", "")
                .replace("_", "")
                .toLowerCase(Locale.ROOT);
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        try {
            BigInteger value = new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
            return (negative ? value.negate() : value).longValue();
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
