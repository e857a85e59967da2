package com.example.orders;

import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrdersController {

    private final Orders orders;
    private final PaymentProvider paymentProvider;

    OrdersController(Orders orders, PaymentProvider paymentProvider) {
        this.orders = orders;
        this.paymentProvider = paymentProvider;
    }

    @PostMapping
    ResponseEntity<Order> add(@Valid @RequestBody NewOrder order) {
        var taken = orders.add(order);
        return ResponseEntity.created(URI.create("/orders/" + taken.id())).body(taken);
    }

    @GetMapping("/{id}")
    ResponseEntity<Order> find(@PathVariable long id) {
        return ResponseEntity.of(orders.find(id));
    }

    @GetMapping("/{id}/payment-request")
    ResponseEntity<SignedPaymentRequest> paymentRequest(@PathVariable long id) {
        return ResponseEntity.of(orders.find(id).map(paymentProvider::sign));
    }
}
