package com.example.orders;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Signs what goes to the payment provider, with the key that the vault keeps. */
@Component
class PaymentProvider {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** The vault's secret is a file, and Spring's config tree makes a property of its name. Without it nothing starts. */
    PaymentProvider(@Value("${payment-provider-api-key}") String key) {
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    SignedPaymentRequest sign(Order order) {
        var request = "%d:%s:%d".formatted(order.id(), order.item(), order.quantity());
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            var signature = mac.doFinal(request.getBytes(StandardCharsets.UTF_8));
            return new SignedPaymentRequest(request, HexFormat.of().formatHex(signature));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has this algorithm
        }
    }
}
