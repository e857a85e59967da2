package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The service as the platform starts it: a database by its URL, secrets as files. */
@SpringBootTest(properties = {
    "spring.datasource.url=jdbc:h2:mem:orders;MODE=MSSQLServer", // speaks SQL Server's dialect
    "spring.config.import=configtree:src/test/resources/vault/",
    "drain.delay=0s"
})
@AutoConfigureMockMvc
class OrdersTest {

    @Autowired
    MockMvcTester http;

    @Test
    void itIsReadyWithItsDatabase() {
        assertThat(http.get().uri("/actuator/health/readiness")).hasStatusOk();
    }

    @Test
    void anOrderIsKept() {
        var location = http.post().uri("/orders").contentType(MediaType.APPLICATION_JSON)
            .content("{\"item\": \"tea\", \"quantity\": 2}").exchange().getResponse().getHeader("Location");

        assertThat(http.get().uri(location)).hasStatusOk().bodyJson().extractingPath("$.item").isEqualTo("tea");
    }

    @Test
    void anOrderOfNothingIsRefused() {
        assertThat(http.post().uri("/orders").contentType(MediaType.APPLICATION_JSON)
            .content("{\"item\": \" \", \"quantity\": 0}")).hasStatus(HttpStatus.BAD_REQUEST);
    }

    @Test
    void anOrderThatIsNotThereIsNotFound() {
        assertThat(http.get().uri("/orders/4711")).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void theSecretOfTheVaultSignsAndIsNotShown() {
        var location = http.post().uri("/orders").contentType(MediaType.APPLICATION_JSON)
            .content("{\"item\": \"tea\", \"quantity\": 2}").exchange().getResponse().getHeader("Location");

        assertThat(http.get().uri(location + "/payment-request")).hasStatusOk().bodyText()
            .containsPattern("\"signature\":\"[0-9a-f]{64}\"").doesNotContain("a key of the tests");
    }

    @Test
    void nothingButHealthIsShown() {
        assertThat(http.get().uri("/actuator/env")).hasStatus(HttpStatus.NOT_FOUND);
    }
}
